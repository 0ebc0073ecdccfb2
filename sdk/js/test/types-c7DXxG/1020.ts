// netcidrmerge/cidr mix case 1
import type { Entrypoints } from "./1020.policy.js";
const answer: Entrypoints["test/p"]["result"] = ["192.0.2.112/31","192.0.2.116/30"];
export {};
