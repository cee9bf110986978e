/**
 * The two encryptions of ZIP: the traditional one (PKWARE, APPNOTE 6.1) and AES (WinZip, AE-1 and AE-2). In: a password and
 * encrypted blocks. Out: the same blocks decrypted. Refuses a wrong password before the first block, as far as the format
 * allows.
 */
import { createCipheriv, createHmac, type Hmac, pbkdf2Sync } from 'node:crypto';
import { InputError } from '../../model/errors.ts';

const WRONG = 'the password does not fit.';

export interface Cipher {
  /** Decrypts a block in place. */
  decrypt(block: Buffer): void;
  /** Compares the authentication code that follows the data with the data that was read. */
  verify(code: Buffer): boolean;
}

/** The CRC-32 of each byte. */
const CRC = new Uint32Array(256).map((_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc >>> 0;
});
const FACTOR = 134775813;

export const TRADITIONAL_HEADER_BYTES = 12;

/**
 * `header`: the first 12 bytes. With the right password the last of them decrypts to `checkByte`; with one wrong password in 256
 * it does too.
 */
export class TraditionalCipher implements Cipher {
  #key0 = 0x12345678;
  #key1 = 0x23456789;
  #key2 = 0x34567890;

  constructor(password: string, header: Buffer, checkByte: number) {
    for (const byte of Buffer.from(password, 'utf8')) this.#update(byte);
    const plain = Buffer.from(header);
    this.decrypt(plain);
    if (plain[TRADITIONAL_HEADER_BYTES - 1] !== checkByte) throw new InputError(WRONG);
  }

  #update(byte: number): void {
    this.#key0 = CRC[(this.#key0 ^ byte) & 0xff]! ^ (this.#key0 >>> 8);
    this.#key1 = (Math.imul((this.#key1 + (this.#key0 & 0xff)) | 0, FACTOR) + 1) | 0;
    this.#key2 = CRC[(this.#key2 ^ (this.#key1 >>> 24)) & 0xff]! ^ (this.#key2 >>> 8);
  }

  decrypt(block: Buffer): void {
    for (let at = 0; at < block.length; at++) {
      const mixed = (this.#key2 & 0xffff) | 2;
      const byte = block[at]! ^ ((Math.imul(mixed, mixed ^ 1) >>> 8) & 0xff);
      block[at] = byte;
      this.#update(byte);
    }
  }

  verify(): boolean {
    return true;
  }
}

const ITERATIONS = 1000;
const CHECK_BYTES = 2;
export const AES_CODE_BYTES = 10;
const AES_BLOCK = 16;
/** Counters encrypted in one call. */
const COUNTERS = 4096;

export const aesHeaderBytes = (bits: number): number => bits / 16 + CHECK_BYTES;

/** `header`: the salt and the check value. */
export class AesCipher implements Cipher {
  readonly #cipher: ReturnType<typeof createCipheriv>;
  readonly #hmac: Hmac;
  readonly #counters = Buffer.alloc(COUNTERS * AES_BLOCK);
  #counter = 0;
  /** The encrypted counters, and how many of their bytes have been used. */
  #stream = Buffer.alloc(0);
  #used = 0;

  constructor(password: string, header: Buffer, bits: number) {
    const keyBytes = bits / 8;
    const salt = header.subarray(0, keyBytes / 2);
    const derived = pbkdf2Sync(password, salt, ITERATIONS, keyBytes * 2 + CHECK_BYTES, 'sha1');
    if (!derived.subarray(keyBytes * 2).equals(header.subarray(keyBytes / 2))) throw new InputError(WRONG);
    // Counters are little-endian here. Those of Node's CTR mode are not, so the counters are encrypted in ECB mode.
    this.#cipher = createCipheriv(`aes-${bits}-ecb`, derived.subarray(0, keyBytes), null).setAutoPadding(false);
    this.#hmac = createHmac('sha1', derived.subarray(keyBytes, keyBytes * 2));
  }

  decrypt(block: Buffer): void {
    this.#hmac.update(block);
    for (let at = 0; at < block.length; ) {
      if (this.#used === this.#stream.length) this.#more();
      const length = Math.min(block.length - at, this.#stream.length - this.#used);
      const stream = this.#stream;
      const used = this.#used;
      for (let i = 0; i < length; i++) block[at + i] = block[at + i]! ^ stream[used + i]!;
      at += length;
      this.#used += length;
    }
  }

  #more(): void {
    for (let i = 0; i < COUNTERS; i++) this.#counters.writeUIntLE(++this.#counter, i * AES_BLOCK, 6);
    this.#stream = this.#cipher.update(this.#counters);
    this.#used = 0;
  }

  verify(code: Buffer): boolean {
    return this.#hmac.digest().subarray(0, AES_CODE_BYTES).equals(code);
  }
}
