// objectremovenonstringkey/non string root
import type { Entrypoints } from "./1093.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
