// ceil integer
import type { Entrypoints } from "./83.policy.js";
const answer: Entrypoints["generated/p"]["result"] = 1;
export {};
