// functions/same package call
import type { Entrypoints } from "./397.policy.js";
const answer: Entrypoints["test/samepkg"]["result"] = "w do you do?";
export {};
