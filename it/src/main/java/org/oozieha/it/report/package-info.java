/** What a run found, for people (Markdown, HTML) and for programs (flat JSON). */
package org.oozieha.it.report;
