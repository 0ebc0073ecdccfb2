// ceil negative
import type { Entrypoints } from "./84.policy.js";
const answer: Entrypoints["generated/p"]["result"] = -1;
export {};
