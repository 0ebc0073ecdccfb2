// jwtencodesignraw/No Payload but Media Type is Plain
import type { Entrypoints } from "./703.policy.js";
const answer: Entrypoints["generated/p"]["result"] = "eyJ0eXAiOiJ0ZXh0L3BsYWluIiwNCiAiYWxnIjoiSFMyNTYifQ..sXoGQMWwM-SmX495-htA7kndgbkwz1PnqsDeY275gnI";
export {};
