// objectfilter/empty roots array
import type { Entrypoints } from "./1042.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {};
export {};
