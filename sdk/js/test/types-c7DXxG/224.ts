// cryptohmacsha256/crypto.hmac.sha256
import type { Entrypoints } from "./224.policy.js";
const answer: Entrypoints["test/p"]["result"] = ["147933218aaabc0b8b10a2b3a5c34684c8d94341bcf10a4736dc7270f7741851"];
const given = {"key":"bar","message":"foo"};
const input: Entrypoints["test/p"]["input"] = given;
export {};
