// The page of a credential: the browser checks the signature by itself (VC-JWT, EdDSA, did:key), without asking anybody.
import { readJson } from "./texts";

const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const LEEWAY_S = 300;

type Result = "valid" | "altered" | "unsupported";

function base58(text: string): Uint8Array<ArrayBuffer> {
  let value = 0n;
  for (const character of text) {
    const digit = BASE58.indexOf(character);
    if (digit < 0) throw new Error("not base58");
    value = value * 58n + BigInt(digit);
  }
  const bytes: number[] = [];
  for (; value > 0n; value >>= 8n) bytes.unshift(Number(value & 255n));
  for (const character of text) {
    if (character !== BASE58[0]) break;
    bytes.unshift(0);
  }
  return new Uint8Array(bytes);
}

function base64url(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw new Error("not base64url");
  const padded = text.replace(/-/g, "+").replace(/_/g, "/") + "=".repeat((4 - (text.length % 4)) % 4);
  const bytes = Uint8Array.from(atob(padded), (character) => character.charCodeAt(0));
  // The last character has spare bits: of several spellings only one is accepted.
  const again = btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  if (again !== text) throw new Error("not canonical base64url");
  return bytes;
}

/** The Ed25519 public key that a did:key names. */
function keyOf(did: string): Uint8Array<ArrayBuffer> {
  if (!did.startsWith("did:key:z")) throw new Error("not a did:key");
  const bytes = base58(did.slice("did:key:z".length));
  if (bytes.length !== 34 || bytes[0] !== 0xed || bytes[1] !== 0x01) throw new Error("not an Ed25519 key");
  return bytes.slice(2);
}

function parsed(part: string): Record<string, unknown> {
  const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(base64url(part)));
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("not an object");
  return value as Record<string, unknown>;
}

function idOf(value: unknown): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)["id"] : undefined;
}

/** Tell whether `issuer` signed exactly this text, and the text names it and a time that has come. */
async function isValid(jwt: string, issuer: string, key: CryptoKey): Promise<boolean> {
  const parts = jwt.split(".");
  const [head, body, signature] = parts;
  if (parts.length !== 3 || head === undefined || body === undefined || signature === undefined) return false;
  const header = parsed(head);
  const payload = parsed(body);
  const kid = header["kid"];
  if (header["alg"] !== "EdDSA" || "crit" in header || typeof kid !== "string") return false;
  const signer = kid.split("#")[0];
  if (signer !== issuer || payload["iss"] !== issuer || idOf(payload["issuer"]) !== issuer) return false;
  if (payload["jti"] !== payload["id"] || payload["sub"] !== idOf(payload["credentialSubject"])) return false;
  const now = Date.now() / 1000;
  const begins = payload["nbf"];
  const ends = payload["exp"];
  if (typeof begins !== "number" || begins > now + LEEWAY_S) return false;
  if (ends !== undefined && (typeof ends !== "number" || ends < now - LEEWAY_S)) return false;
  return crypto.subtle.verify("Ed25519", key, base64url(signature), new TextEncoder().encode(`${head}.${body}`));
}

async function check(jwt: string, issuer: string): Promise<Result> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = keyOf(issuer);
  } catch {
    return "altered";
  }
  let key: CryptoKey;
  try {
    key = await crypto.subtle.importKey("raw", bytes, "Ed25519", false, ["verify"]);
  } catch {
    // No Ed25519, or no WebCrypto at all: browsers offer it only on https:// and on this machine itself.
    return "unsupported";
  }
  try {
    return (await isValid(jwt, issuer, key)) ? "valid" : "altered";
  } catch {
    return "altered";
  }
}

async function main(): Promise<void> {
  const source = document.getElementById("credential");
  const shown = document.getElementById("check-result");
  const jwt = readJson<string>(source);
  if (source === null || shown === null || jwt === null) return;
  const result = await check(jwt, source.dataset["issuer"] ?? "");
  shown.textContent = shown.dataset[result] ?? "";
  shown.classList.remove("checking");
  shown.classList.add(result);
}

void main();
