// objectremove/multiple keys object nested
import type { Entrypoints } from "./1079.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"x":123};
export {};
