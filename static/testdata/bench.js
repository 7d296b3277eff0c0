/**
 * What links_bench_test.go measures, evaluated in a page of the server. Each function returns milliseconds.
 *
 * bench.setUp(base)          loads the page's own modules; base: their folder
 */
globalThis.bench = (() => {
  const $ = {};
  const importers = (base, name) => import(base + name);

  /** @param {() => Promise<void>} act */
  async function timed(act) {
    const start = performance.now();
    await act();
    return performance.now() - start;
  }

  async function count(stream, wanted) {
    const reader = stream.getReader();
    let seen = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      seen += value.length;
    }
    if (seen !== wanted) throw new Error(`${seen} bytes came, of ${wanted}`);
  }

  const file = () => document.querySelector("#bench").files[0];

  return {
    async setUp(base) {
      for (const name of ["open.js", "send.js", "account-store.js", "sealed.js", "vendor/tus.js"]) Object.assign($, await importers(base, name));
      $.account = await $.currentAccount();
      const field = document.createElement("input");
      Object.assign(field, { type: "file", id: "bench", ariaLabel: "bench" });
      document.body.replaceChildren(field);
    },

    /** Seals and uploads the chosen file; then it is the link that open and fetch read. */
    async send() {
      let made;
      const ms = await timed(async () => {
        made = await $.send({ items: $.itemsFromFiles([file()]), lifetime: null, maxVisits: null, accountKey: $.account.accountKey, accountID: $.account.id });
      });
      $.link = made;
      $.opened = await $.openLink($.fragmentFrom(made.link));
      $.recipe = await $.opened.source.recipe();
      return ms;
    },

    /** Uploads the chosen file as it is, to where sealed content goes; bytes of a PATCH: null for all in one. */
    async upload(patch) {
      let url = "";
      const ms = await timed(
        () =>
          new Promise((resolve, reject) => {
            const upload = new $.Upload(file(), {
              endpoint: new URL("/api/uploads/sealed", location.href).href,
              chunkSize: patch ?? Infinity,
              retryDelays: [],
              storeFingerprintForResuming: false,
              onSuccess: () => ((url = upload.url), resolve()),
              onError: reject,
            });
            upload.start();
          }),
      );
      await fetch(url, { method: "DELETE", headers: { "Tus-Resumable": "1.0.0" } });
      return ms;
    },

    /** The sealed bytes of the link, and nothing done with them. */
    async fetch() {
      const { id, token, ticket, size } = $.recipe;
      return timed(async () => {
        const answer = await fetch(`/api/links/${id}/content`, { headers: { Authorization: `Bearer ${token}`, "Thorpe-Ticket": ticket }, credentials: "omit", cache: "no-store" });
        await count(answer.body, $.sealedSize(size));
      });
    },

    /** The same bytes opened. */
    async open() {
      const [entry] = await $.opened.source.list("");
      return timed(async () => count(await $.opened.source.read(entry), entry.size));
    },

    linkText: () => $.link.link,

    async remove() {
      await fetch(`/api/links/${$.link.id}`, { method: "DELETE" });
      return 0;
    },

    /** From memory to memory. */
    async seal(size) {
      const key = await $.streamKey(new Uint8Array(32), ["encrypt", "decrypt"]);
      const plaintext = new Uint8Array(size);
      let sealed;
      const seal = await timed(async () => void (sealed = await $.sealBytes(key, plaintext)));
      const open = await timed(async () => void (await $.openBytes(key, sealed)));
      const sealedBlob = new Blob([sealed]);
      const openStream = await timed(() => count($.openStream(sealedBlob.stream(), key, size), size));
      return { sealBytes: seal, openBytes: open, openStream };
    },
  };
})();
