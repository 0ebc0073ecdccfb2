// objectget/complex value . found
import type { Entrypoints } from "./1055.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"b":"c"};
export {};
