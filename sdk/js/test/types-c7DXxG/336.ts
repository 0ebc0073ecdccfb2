// evaltermexpr/ref undefined (path)
import type { Entrypoints } from "./336.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
