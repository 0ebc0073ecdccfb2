// completedoc/string: ""
import type { Entrypoints } from "./178.policy.js";
const answer: Entrypoints["generated/p"]["result"] = "";
export {};
