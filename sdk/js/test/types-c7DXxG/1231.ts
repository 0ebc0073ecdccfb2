// replacen/find no patterns
import type { Entrypoints } from "./1231.policy.js";
const answer: Entrypoints["generated/p"]["result"] = ["Everything is new1, new2"];
export {};
