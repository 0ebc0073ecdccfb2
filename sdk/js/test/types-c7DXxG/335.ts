// evaltermexpr/ref undefined
import type { Entrypoints } from "./335.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
