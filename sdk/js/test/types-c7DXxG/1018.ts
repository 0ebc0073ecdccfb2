// netcidrmerge/cidr no overlap case 1
import type { Entrypoints } from "./1018.policy.js";
const answer: Entrypoints["test/p"]["result"] = ["192.0.129.0/24","192.0.130.0/24"];
export {};
