// cryptohmacequal/crypto.hmac.equal_sha1
import type { Entrypoints } from "./220.policy.js";
const answer: Entrypoints["test/p"]["result"] = [true];
const given = {"mac1":"85d155c55ed286a300bd1cf124de08d87e914f3a","mac2":"85d155c55ed286a300bd1cf124de08d87e914f3a"};
const input: Entrypoints["test/p"]["input"] = given;
export {};
