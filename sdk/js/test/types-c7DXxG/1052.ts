// objectget/basic case . found
import type { Entrypoints } from "./1052.policy.js";
const answer: Entrypoints["generated/p"]["result"] = "b";
export {};
