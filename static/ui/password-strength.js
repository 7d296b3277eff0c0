// How hard a password is to guess. An estimate in the manner of zxcvbn (Wheeler, USENIX Security 2016), in little: it cuts the
// password into what guessers try early (common passwords, words, runs, repeats, years) and the rest, and multiplies. It errs to the low side, and
// cannot know what a person's friends would try.

/**
 * Guesses a second of someone who has taken the server's database and rents a hundred graphics cards. Argon2id with 64 MiB and three passes
 * lets each do in the order of a thousand.
 */
const GUESSES_A_SECOND = 1e5;

/** What is guessed first, commonest first; written without digits for letters. */
const common = (
  "password passwort secret geheim letmein welcome willkommen monkey dragon sunshine iloveyou princess football baseball superman batman master hallo " +
  "hello shadow michael jordan michelle charlie computer internet administrator admin root login qwerty qwertz asdfgh trustno abc pass test thorpe cloud drive " +
  "server freedom whatever starwars summer sommer winter spring autumn herbst schatz liebe love soccer killer hunter ginger pepper cookie cheese banana flower " +
  "blink samsung google facebook youtube apple windows linux changeme default access mustang ferrari porsche mercedes london berlin passw germany america"
).split(" ");

const rows = ["abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm", "01234567890", "1qaz2wsx3edc4rfv5tgb6yhn", "!@#$%^&*()", "!\"§$%&/()="];

/** Scripts that put no spaces between words. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;

/** @type {Record<string, string>} */
const leet = { "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s", "!": "i" };

/**
 * @param {string} password
 * @param {string[]} [known] words that a guesser of this password would try first, such as the account's name
 * @returns {{score: 0 | 1 | 2 | 3 | 4, guesses: number}} score: 0 guessed at once, 1 weak, 2 fair, 3 good, 4 strong; guesses: about how many it takes
 */
export function strength(password, known = []) {
  const text = [...password.normalize("NFKC")].slice(0, 100).join(""); // the rest makes it no weaker
  const words = [...known.map((word) => word.toLowerCase()).filter((word) => word.length > 2), ...common];
  const guesses = Math.min(1e30, 10 ** logGuesses(text, words));
  const seconds = guesses / GUESSES_A_SECOND;
  const score = seconds < 1 ? 0 : seconds < 86_400 ? 1 : seconds < 3.2e7 ? 2 : seconds < 3.2e9 ? 3 : 4;
  return { score, guesses };
}

/**
 * How long the guessing would take, in words of the catalog ("password.time_NAME").
 * @param {number} guesses
 * @returns {"seconds" | "hours" | "days" | "months" | "years" | "centuries"}
 */
export function guessTime(guesses) {
  const seconds = guesses / GUESSES_A_SECOND;
  if (seconds < 3600) return "seconds";
  if (seconds < 86_400 * 2) return "hours";
  if (seconds < 86_400 * 60) return "days";
  if (seconds < 3.2e7 * 2) return "months";
  if (seconds < 3.2e9) return "years";
  return "centuries";
}

/**
 * The cheapest way to put a text together of guessable parts, as the decimal logarithm of the guesses.
 * @param {string} text
 * @param {string[]} words
 */
function logGuesses(text, words) {
  const chars = [...text];
  /** @type {number[]} best[i]: of the first i characters */
  const best = [0];
  for (let end = 1; end <= chars.length; end++) {
    let least = Infinity;
    for (let start = Math.max(0, end - 40); start < end; start++) {
      const joint = start === 0 ? 0 : 0.3; // where one part ends has to be guessed too
      least = Math.min(least, (best[start] ?? 0) + joint + part(chars.slice(start, end), words));
    }
    best.push(least);
  }
  return best[chars.length] ?? 0;
}

/**
 * @param {string[]} chars
 * @param {string[]} words
 * @returns {number} decimal logarithm of the guesses for one part; infinite if it is of no kind
 */
function part(chars, words) {
  const n = chars.length;
  if (n === 1) return single(chars[0] ?? "");
  const text = chars.join("");
  const small = text.toLowerCase();
  const shape = small === text ? 0 : 0.5;
  const kinds = [];
  const rank = words.indexOf(small);
  const plainRank = words.indexOf(unleet(small));
  if (rank >= 0) kinds.push(Math.log10(rank + 2) + shape);
  else if (plainRank >= 0) kinds.push(Math.log10(plainRank + 2) + shape + 0.7);
  if (/^(19|20)\d\d$/.test(text)) kinds.push(2);
  if (n >= 3 && isRun(small)) kinds.push(1.3 + Math.log10(n));
  for (let unit = 1; unit <= n / 2; unit++) {
    if (n % unit === 0 && n / unit >= (unit === 1 ? 3 : 2) && chars.every((c, i) => c === chars[i % unit])) {
      kinds.push((unit === 1 ? 1 : logGuesses(chars.slice(0, unit).join(""), words)) + Math.log10(n / unit));
      break;
    }
  }
  // A word of some language: the longer, the rarer. Diceware has 7,776, a large dictionary half a million.
  const spelled = unleet(small);
  if (n >= 3 && /^\p{L}+$/u.test(spelled) && speakable(spelled)) {
    kinds.push(Math.min(n * 1.2, 3.7 + Math.max(0, n - 5) * 0.35) + shape + (spelled === small ? 0 : 0.7));
  }
  return Math.min(Infinity, ...kinds);
}

/** @param {string} text */
function unleet(text) {
  return [...text].map((char) => leet[char] ?? char).join("");
}

/** @param {string} char one that nothing explains */
function single(char) {
  if (char === " " || char === "-") return 0.3; // between words
  if (unspaced.test(char)) return 1.2; // two or three make a word
  if (/\d/.test(char)) return 1;
  if (/[a-z]/.test(char)) return 1.3;
  if (/[A-Z]/.test(char)) return 1.4;
  return char.charCodeAt(0) < 0x80 ? 1.4 : 1.8;
}

/** @param {string} text */
function isRun(text) {
  const back = [...text].reverse().join("");
  return rows.some((row) => row.includes(text) || row.includes(back));
}

/** @param {string} text whether it reads like a word rather than like random letters */
function speakable(text) {
  const vowels = text.match(/[aeiouyäöüáéíóúàèìòùâêîôûåæø]/gu)?.length ?? 0;
  if (unspaced.test(text)) return false;
  if (/[^\u0000-\u024f]/u.test(text)) return true; // of vowels elsewhere this knows nothing
  return vowels / text.length >= 0.2 && vowels / text.length <= 0.75 && !/[^aeiouyäöü]{5}/u.test(text);
}
