// example/public servers
import type { Entrypoints } from "./376.policy.js";
const answer: Entrypoints["opa/example/public_servers"]["result"] = [{"id":"s1","name":"app","ports":["p1","p2","p3"],"protocols":["https","ssh"]},{"id":"s4","name":"dev","ports":["p1","p2"],"protocols":["http"]}];
export {};
