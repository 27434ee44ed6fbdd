/** Every page: styles, htmx, the elements, and a few hooks that work on any markup. */
import "../styles/index.css";
import "htmx.org";
import "../elements/chart";
import "../elements/copy";
import "../elements/countdown";
import "../elements/live";
import "../elements/morph";
import "../elements/password";
import "../elements/rows";
import "../elements/shortcuts";
import "../elements/theme";
import "../elements/toasts";
import { busyRegions } from "../elements/busy";
import { invokers } from "../elements/invokers";
import { revealCurrent } from "../elements/reveal";
import { sendsAlong } from "../elements/sends";
import { submitOnce } from "../elements/submit";
import { tickAll } from "../elements/tick";
import { fillTimeZones } from "../elements/timezone";

submitOnce(document);
busyRegions(document);
invokers(document);
revealCurrent(document);
sendsAlong(document);
fillTimeZones(document);
tickAll(document);
