// refheads/complete: direct query q
import type { Entrypoints } from "./1171.policy.js";
const answer: Entrypoints["test/q"]["result"] = 0;
export {};
