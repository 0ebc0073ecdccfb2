// refheads/general, deep query
import type { Entrypoints } from "./1154.policy.js";
const answer: Entrypoints["test/p/b"]["result"] = {"1":true};
export {};
