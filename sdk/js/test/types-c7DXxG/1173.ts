// refheads/complete+mixed
import type { Entrypoints } from "./1173.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
