// elsekeyword/functions
import type { Entrypoints } from "./290.policy.js";
const answer: Entrypoints["ex/fn_result"]["result"] = ["large","small","medium"];
export {};
