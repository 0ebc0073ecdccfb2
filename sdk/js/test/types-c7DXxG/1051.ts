// objectfilternonstringkey/non string root
import type { Entrypoints } from "./1051.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
