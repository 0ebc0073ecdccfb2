// random string
import type { Entrypoints } from "./1005.policy.js";
const answer: Entrypoints["generated/p"]["result"] = false;
export {};
