// completedoc/object/non-string key:
import type { Entrypoints } from "./182.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"1":2,"{\"3\":4}":5};
export {};
