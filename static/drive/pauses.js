/** Milliseconds before another try, where the network or the server stumbled: in all more than the five minutes that a server may take to start anew. */
export const PAUSES = [1000, 3000, 8000, 20_000, 40_000, 60_000, 60_000, 60_000, 60_000];
