// cryptohmacsha256/crypto.hmac.sha256_unicode
import type { Entrypoints } from "./225.policy.js";
const answer: Entrypoints["test/p"]["result"] = ["eb90daeb76d4b2571fbdaf94bbb240809faa8fed93ec0c260dd38c3fdf8d963a"];
const given = {"key":"秘密の","message":"åäöçß🥲♙Ω"};
const input: Entrypoints["test/p"]["input"] = given;
export {};
