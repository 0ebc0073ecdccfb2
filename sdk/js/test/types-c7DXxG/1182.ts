// refheads/website-example/partial-obj
import type { Entrypoints } from "./1182.policy.js";
const answer: Entrypoints["example/apps_by_hostname/helium"]["result"] = "web";
export {};
