// netcidrintersects/cidr subnet overlap malformed cidr b
import type { Entrypoints } from "./1002.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
