// jwtbuiltins/wrong-period-count
import type { Entrypoints } from "./647.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
