// refheads/complete: direct query
import type { Entrypoints } from "./1170.policy.js";
const answer: Entrypoints["test/a/b/c/p"]["result"] = true;
export {};
