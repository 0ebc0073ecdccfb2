// cryptohmacequal/crypto.hmac.equal_sha256
import type { Entrypoints } from "./221.policy.js";
const answer: Entrypoints["test/p"]["result"] = [true];
const given = {"mac1":"147933218aaabc0b8b10a2b3a5c34684c8d94341bcf10a4736dc7270f7741851","mac2":"147933218aaabc0b8b10a2b3a5c34684c8d94341bcf10a4736dc7270f7741851"};
const input: Entrypoints["test/p"]["input"] = given;
export {};
