/**
 * The keys of an account and the boxes under them (docs/format.md, part 2). Twin of Go server/accounts/accountkeys. Nothing here talks to the server.
 * All bytes are Uint8Array; the API takes them through encodeBase64url / decodeBase64url of sealed.js.
 *
 * newAccountID(), newSalt(), newAccountKey(), newRecoveryKey() -> Uint8Array           16, 16, 32, 32 random bytes
 * passwordKeys(password, salt) -> Promise<{auth: Uint8Array(32), wrap: CryptoKey}>     throws SealedError password_*
 * recoveryKeys(recoveryKey) -> Promise<{auth: Uint8Array(32), wrap: CryptoKey}>
 * sealAccountKey(wrap, purpose, accountID, accountKey) -> Promise<Uint8Array(60)>      purpose: "wrap" | "recovery"
 * openAccountKey(wrap, purpose, accountID, box) -> Promise<Uint8Array(32)>             throws SealedError bad_tag
 * importAccountKey(accountKey) -> Promise<CryptoKey>                                   HKDF, not extractable: what currentAccount().accountKey is
 * formatRecoveryKey(recoveryKey) -> Promise<string>      52 base32 characters in groups of four
 * parseRecoveryKey(text) -> Promise<Uint8Array | null>   null: mistyped
 * sealNote(accountKey, accountID, linkID, note) -> Promise<Uint8Array>                 note: {secret, password?, title, revision}
 * openNote(accountKey, accountID, linkID, box) -> Promise<note>
 */
