// objectremove/error invalid key param type boolean input
import type { Entrypoints } from "./1090.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
