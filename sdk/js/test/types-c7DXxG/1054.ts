// objectget/integer key . not found
import type { Entrypoints } from "./1054.policy.js";
const answer: Entrypoints["generated/p"]["result"] = 3;
export {};
