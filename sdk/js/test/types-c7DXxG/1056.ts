// objectget/complex value . not found
import type { Entrypoints } from "./1056.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
