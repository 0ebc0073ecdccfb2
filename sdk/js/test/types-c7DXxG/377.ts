// example/both
import type { Entrypoints } from "./377.policy.js";
const answer: Entrypoints["opa/example"]["result"] = {"public_servers":[{"id":"s1","name":"app","ports":["p1","p2","p3"],"protocols":["https","ssh"]},{"id":"s4","name":"dev","ports":["p1","p2"],"protocols":["http"]}],"violations":[{"id":"s4","name":"dev","ports":["p1","p2"],"protocols":["http"]}]};
export {};
