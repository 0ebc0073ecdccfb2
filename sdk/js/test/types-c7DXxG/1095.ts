// objectunion/base
import type { Entrypoints } from "./1095.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"a":1,"b":2};
export {};
