// netcidrmerge/cidr mix case 2
import type { Entrypoints } from "./1021.policy.js";
const answer: Entrypoints["test/p"]["result"] = ["192.0.1.254/31","192.0.2.0/24","192.0.3.0/28"];
export {};
