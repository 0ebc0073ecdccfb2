// refheads/mixed example, multiple rules
import type { Entrypoints } from "./1181.policy.js";
const answer: Entrypoints["test/a/b"]["result"] = {"c":"d","e":"f","g":[1,2,3],"h":{"one":1}};
export {};
