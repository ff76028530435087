/** Which server looks after which job. */
package org.oozieha.partition;
