/** The classes an operator names, and how they reach Oozie, HCatalog and JMS. */
package org.oozieha.hcat;
