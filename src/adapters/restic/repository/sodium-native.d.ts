declare module 'sodium-native' {
  /** Poly1305: whether `mac` (16 bytes) is that of `message` under a key used once (32 bytes: r, then s). */
  function crypto_onetimeauth_verify(mac: Uint8Array, message: Uint8Array, key: Uint8Array): boolean;
  /** Writes that MAC into `mac`. */
  function crypto_onetimeauth(mac: Uint8Array, message: Uint8Array, key: Uint8Array): void;
}
