// Starts what the page has. Everything works without this file, except words arriving as they are said.
import { startChat } from "./chat.js";
import { startCopy } from "./copy.js";
import { startKeys } from "./keys.js";
import { startForms } from "./forms.js";
import { startMessages } from "./messages.js";
import { startLog } from "./log.js";
import { startPrint } from "./print.js";
import { startShell } from "./shell.js";

startChat(document.querySelector("#composer"));
startCopy(document);
startForms(document);
startKeys(document);
startLog();
startMessages(document.querySelector("#message"));
startPrint(document);
startShell();
