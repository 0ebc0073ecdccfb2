// refheads/many-vars
import type { Entrypoints } from "./1184.policy.js";
const answer: Entrypoints["test/p"]["result"] = {"4":{"5":{"5":{"5":{"5":true}}}},"5":{"4":{"5":{"5":{"5":true}}},"5":{"4":{"5":{"5":true}},"5":{"4":{"5":true},"5":{"4":true}}}}};
export {};
