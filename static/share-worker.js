/**
 * The service worker of /share/: takes what a device's share sheet hands to the installed app, so that it never goes to a server before somebody says where to. Served as
 * /share/worker.js, scope /share/, a classic script without imports. It answers nothing but POST /share/, fetches nothing, and reads nothing of what it keeps.
 *
 * POST /share/ multipart/form-data with title, text, url and files (app.webmanifest)  ->  303 /share/?id=ID, 303 /share/?lost where it could not be kept, 303 /share/ for nothing
 * Kept in IndexedDB "thorpe-shared", store "shared", by id: {id, at, title, text, url, files, left}; share-store.js reads it. An hour at most, the five newest, 200 files each.
 *
 * Any site can post such a form: it stands here until the person says what to do with it, and has changed nothing.
 */
(() => {
  const worker = /** @type {any} */ (self);
  /** Whose folder this script is: "/share/", below the base path if there is one. */
  const scope = new URL("./", worker.location.href).pathname;
  const base = scope.replace(/\/share\/$/u, "");
  const life = 3_600_000;
  const most = 5;
  const mostFiles = 200;
  /** Letters of title, text and address that are kept. */
  const mostLetters = 100_000;

  worker.addEventListener("install", () => worker.skipWaiting());

  worker.addEventListener("fetch", (/** @type {any} */ event) => {
    const { method, url } = event.request;
    if (method === "POST" && new URL(url).pathname === scope) event.respondWith(take(event.request));
  });

  /** @param {Request} request */
  async function take(request) {
    try {
      const form = await request.formData();
      const all = /** @type {File[]} */ (form.getAll("files").filter((file) => file instanceof File && (file.name !== "" || file.size > 0)));
      const [title, text, url] = ["title", "text", "url"].map((name) => String(form.get(name) ?? "").slice(0, mostLetters));
      // A browser that starts the app anew may repeat the launch without what was shared.
      if (all.length === 0 && text === "" && url === "") return Response.redirect(scope, 303);
      const id = crypto.randomUUID();
      await keep({ id, at: Date.now(), title, text, url, files: all.slice(0, mostFiles), left: Math.max(0, all.length - mostFiles) });
      return Response.redirect(`${scope}?id=${id}`, 303);
    } catch {
      return Response.redirect(`${scope}?lost`, 303);
    }
  }

  /** @param {{id: string, at: number, title: string, text: string, url: string, files: File[], left: number}} shared */
  async function keep(shared) {
    /** @type {IDBDatabase} */
    const db = await new Promise((resolve, reject) => {
      const opening = indexedDB.open(base === "" ? "thorpe-shared" : `thorpe-shared ${base}`, 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("shared", { keyPath: "id" });
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
      opening.onblocked = () => reject(opening.error);
    });
    try {
      await new Promise((resolve, reject) => {
        const transaction = db.transaction("shared", "readwrite");
        const store = transaction.objectStore("shared");
        const listing = store.getAll();
        listing.onsuccess = () => {
          const newest = listing.result.sort((a, b) => b.at - a.at);
          newest.forEach(({ id, at }, place) => {
            if (place >= most - 1 || at < Date.now() - life) store.delete(id);
          });
          store.put(shared);
        };
        transaction.oncomplete = () => resolve(undefined);
        transaction.onabort = () => reject(transaction.error);
      });
    } finally {
      db.close();
    }
  }
})();
