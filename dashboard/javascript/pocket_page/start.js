// Begin: the data of the file, and the page they make.

import {unpacked} from "../pocket/packing.js";
import {PocketPage} from "./pocket_page.js";

const {content, engines} = JSON.parse(document.getElementById("pocket-data").textContent);
window.pushpull = {page: new PocketPage({...unpacked(content), engines})};
window.pushpull.page.begin();
